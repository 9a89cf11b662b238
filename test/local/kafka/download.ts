/** Fetches Kafka's programs ahead of what needs them: `node --import ./test/support/typescript.mjs` this file. */
import { kafkaJars } from './jars.js'

process.exitCode = await kafkaJars(console.log).then(
  () => 0,
  (error: Error) => {
    console.error(error.message)
    return 1
  },
)
