/** The whole product, durable, on a data folder of its own that is gone when it stops. */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CoiltrailProcess, startCoiltrail } from './process.js'

export interface ThrowAwayCoiltrail extends CoiltrailProcess {
  stop(): Promise<void>
}

export async function throwAwayCoiltrail(environment: Record<string, string> = {}): Promise<ThrowAwayCoiltrail> {
  const folder = await mkdtemp(join(tmpdir(), 'coiltrail-own-'))
  // PostgreSQL may run as another user than we do.
  await chmod(folder, 0o711)
  const remove = async () => {
    await rm(folder, { recursive: true, force: true })
    await rm(`${folder}.tokens.json`, { force: true })
  }
  try {
    const product = await startCoiltrail(folder, environment)
    return {
      ...product,
      async stop() {
        await product.end('SIGTERM')
        await remove()
      },
    }
  } catch (error) {
    await remove()
    throw error
  }
}
