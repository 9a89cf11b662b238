export default async function tearDown() {
  await globalThis.coiltrailTestPostgres?.stop()
}
