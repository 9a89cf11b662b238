/** The borders of the design: what may import what. Checked by `npm run lint`. */
const apps = 'operations|relay|inventory|throughput|audit'
export default {
  forbidden: [
    {
      name: 'domain-is-pure',
      comment: 'libs/domain knows no framework, no I/O and no other part: only itself and zod.',
      severity: 'error',
      from: { path: '^libs/domain/src', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: ['^libs/domain/src', '^node_modules/zod'] },
    },
    {
      name: 'libs-know-no-app',
      comment: 'What two apps need is in libs; libs never reach up.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-know-no-app',
      comment: "No app imports another app's insides; only apps/standalone gathers their modules.",
      severity: 'error',
      from: { path: `^apps/(${apps})/` },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'standalone-gathers-modules-only',
      comment: 'apps/standalone takes each app by its module, not by its insides.',
      severity: 'error',
      from: { path: '^apps/standalone/' },
      to: { path: `^apps/(${apps})/`, pathNot: '\\.module\\.ts$' },
    },
    {
      name: 'store-and-feed-know-no-domain',
      comment: 'The event store moves events; what they mean is not its business.',
      severity: 'error',
      from: { path: '^libs/(event-store|event-feed|projection)/' },
      to: { path: '^libs/domain/' },
    },
    {
      name: 'product-knows-no-test',
      comment: 'Tests know the product, never the other way round.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^test/' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|apps/web)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'require', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
}
