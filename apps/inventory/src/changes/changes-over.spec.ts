import { AccessLog } from '#platform/identity/access-log'
import { insert } from '#platform/identity/accounts-rows'
import { ApiKeys } from '#platform/identity/api-keys'
import { Sessions } from '#platform/identity/sessions'
import { listen } from '#test/support/event-source'
import { type ReadSide, readSide } from '#test/support/read-side'
import { InventoryModule } from '../inventory.module.js'

let plant: ReadSide
beforeAll(async () => {
  plant = await readSide(InventoryModule)
})
afterAll(() => plant.close())

const hear = (token: string) => listen(`${plant.url}/api/changes`, token)
const SOON_MS = 15_000
const endsSoon = ({ ended }: { ended: Promise<void> }) =>
  Promise.race([ended.then(() => true), new Promise((resolve) => setTimeout(resolve, SOON_MS, false).unref())])

describe('Live changes', () => {
  it('end for whoever may not listen any more, by a key that was revoked or that sees another’s metal now', async () => {
    const keys = plant.app.get(ApiKeys, { strict: false })
    const lost = await keys.make({ role: 'operator', name: 'Lost scanner' })
    const partner = await keys.make({ role: 'partner', partner: 'AZAL', name: 'Partner' })
    const [ofLost, ofPartner, goesOn] = [
      await hear(lost.token),
      await hear(partner.token),
      await hear(plant.token('auditor')),
    ]
    await keys.revoke(lost.id, 'lost')
    await plant.database.pool.query(`UPDATE identity.api_key SET partner = 'ALRO' WHERE id = $1`, [partner.id])
    expect(await Promise.all([endsSoon(ofLost), endsSoon(ofPartner)])).toEqual([true, true])
    expect(await Promise.race([goesOn.ended.then(() => 'over'), Promise.resolve('goes on')])).toBe('goes on')
    goesOn.close()
  })

  it('end for a person whose session was ended elsewhere', async () => {
    const log = plant.app.get(AccessLog, { strict: false })
    const sessions = plant.app.get(Sessions, { strict: false })
    const visit = { way: 'password', address: '192.0.2.7', agent: 'a tablet' } as const
    const { account, secret } = await log.within(async (client) => {
      const account = await insert(client, { name: 'Ana Popescu', role: 'sales' })
      return { account, ...(await sessions.begin(client, account, visit)) }
    })
    const { status, body } = await fetch(`${plant.url}/api/changes`, { headers: { cookie: `coiltrail=${secret}` } })
    expect(status).toBe(200)
    const ended = body!.pipeTo(new WritableStream())
    await log.within((client) => sessions.end(client, { account: account.id }, { name: 'Ana Popescu' }))
    expect(await endsSoon({ ended })).toBe(true)
  })

  it('are not all taken by one who listens: others have room', async () => {
    const heard = await Promise.all(Array.from({ length: 60 }, () => hear(plant.token('quality'))))
    expect(heard.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(50)
    const other = await hear(plant.token('auditor'))
    expect(other.status).toBe(200)
    for (const one of [...heard, other]) one.close()
  })
})
