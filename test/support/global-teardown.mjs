export default async function tearDown() {
  await globalThis.coiltrailTestPostgres?.stop()
  await globalThis.coiltrailTestKafka?.stop()
}
