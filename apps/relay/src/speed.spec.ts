import { Speed } from './speed.js'

it('The speed is that of the last ten seconds, while what was published is counted from the start', () => {
  const speed = new Speed()
  expect(speed.eventsPerSecond(0)).toBe(0)
  speed.count(5_000, 1_000)
  speed.count(3_000, 6_000)
  expect(speed.eventsPerSecond(8_000)).toBe(800)
  expect(speed.eventsPerSecond(12_000)).toBe(300)
  expect(speed.eventsPerSecond(60_000)).toBe(0)
  expect(speed.published).toBe(8_000)
})
