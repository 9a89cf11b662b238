/**
 * Lets a plain Node process run our TypeScript from source, as Jest does inside specs: for what must run outside of
 * them (Jest's global set-up, a process that a spec kills). `node --import ./test/support/typescript.mjs some.ts`
 */
import { existsSync, readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { transformSync } from '@swc/core'

registerHooks({
  resolve(specifier, context, next) {
    const ours = specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.endsWith('.ts')
    if (ours) {
      const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL)
      if (existsSync(source)) return { url: source.href, format: 'module', shortCircuit: true }
    }
    return next(specifier, { ...context, conditions: [...context.conditions, 'source'] })
  },
  load(url, context, next) {
    if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context)
    const filename = fileURLToPath(url)
    const { code } = transformSync(readFileSync(filename, 'utf8'), { filename, sourceMaps: 'inline' })
    return { format: 'module', source: code, shortCircuit: true }
  },
})
