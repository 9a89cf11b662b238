import type { INestApplicationContext } from '@nestjs/common'
import { AccessLog } from './access-log.js'
import { INVITED_HOURS, type Invited, insert, invite, linkOf } from './accounts-rows.js'
import { isNameFree } from './names.js'

const NAME = 'admin'

interface Kept {
  readonly id: string
  readonly name: string
  readonly role: string
  readonly invited: boolean
  readonly mine: boolean
}

/**
 * Lets somebody in where nobody can sign in as administrator yet: opens the account `admin`, or invites it again when
 * the invitation is over. The link goes straight to stdout: a log is read by others, and kept. Of several processes that
 * start at the same moment one shows it.
 * @param origin where browsers reach this, as `http://localhost:3000`
 */
export async function welcomeFirstAdministrator(
  app: INestApplicationContext,
  origin: string,
  say: (sentence: string) => void,
): Promise<void> {
  await app.get(AccessLog, { strict: false }).within(async (client) => {
    await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('coiltrail first administrator', 0))`)
    const { rowCount } = await client.query(
      `SELECT 1 FROM identity.account WHERE role = 'administrator' AND closed_at IS NULL
         AND (password_hash IS NOT NULL OR issuer IS NOT NULL) LIMIT 1`,
    )
    if (rowCount) return
    const { rows } = await client.query<Kept>(
      `SELECT id, name, role, coalesce(invitation_until > now(), false) AS invited,
         role = 'administrator' AND closed_at IS NULL AND issuer IS NULL AS mine
       FROM identity.account WHERE lower(name) = $1`,
      [NAME],
    )
    const [kept] = rows
    const isAnothers = kept ? !kept.mine : !(await isNameFree(client, NAME))
    // Before it counts: a crash in between costs a second showing, not the only one.
    if (isAnothers) say(`Nobody can sign in as administrator. ${OPEN}`)
    else if (!kept) say(linkFor(await insert(client, { name: NAME, role: 'administrator' }), origin))
    else if (kept.invited) say(`Nobody can sign in yet, and the link for it was shown at an earlier start. ${AGAIN}`)
    else say(linkFor(await invite(client, { id: kept.id, name: kept.name, role: 'administrator' }), origin))
  })
}

const AGAIN = `Another one: npm run accounts -- invite ${NAME}`
const OPEN = 'Open an account: npm run accounts -- open --name "<name>" --role administrator'

const linkFor = ({ name, invitation }: Invited, origin: string): string =>
  `Nobody can sign in yet. Choose the password of ${name}, within ${INVITED_HOURS} hours; this link is good once:
  ${linkOf(origin, invitation)}`
