/**
 * Why TLS does not come about with a server that listens. Of one server the client says it in the words of OpenSSL, of a
 * cluster not at all, and where TLS is spoken at one end only it says that it could not connect.
 */
import { isIP } from 'node:net'
import { connect } from 'node:tls'
import type { Tls, Way } from './connection-string.js'

const PATIENCE_MS = 3_000

/** In words that follow "KurrentDB at ...". Undefined if TLS is not what is wrong, or not with all servers. */
export async function tlsTrouble({ address, tls }: Way): Promise<string | undefined> {
  const troubles = await Promise.all(address.split(',').map((server) => troubleWith(server, tls)))
  return troubles.every((trouble) => trouble !== undefined) ? troubles[0] : undefined
}

function troubleWith(server: string, { on, authority }: Tls): Promise<string | undefined> {
  const [host = '', port = '2113'] = server.split(':')
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: Number(port),
      ca: authority,
      ...(!isIP(host) && { servername: host }),
      // So that it comes to an end, and says why it would not.
      rejectUnauthorized: false,
      timeout: PATIENCE_MS,
    })
    const end = (trouble?: string) => {
      socket.destroy()
      resolve(trouble)
    }
    socket.on('timeout', () => end())
    socket.on('error', ({ code = '' }: NodeJS.ErrnoException) =>
      end(on && code.startsWith('ERR_SSL_') ? 'does not answer by TLS: tls=false if it is to have none' : undefined),
    )
    socket.on('secureConnect', () => {
      if (!on) return end('speaks TLS, and the connection string says tls=false')
      if (socket.authorized) return end()
      end(mistrust(String(socket.authorizationError), host, socket.getPeerCertificate().subjectaltname))
    })
  })
}

function mistrust(code: string, host: string, names = 'nobody'): string {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return 'shows a certificate that has expired: it needs a new one'
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `shows a certificate for ${names} and not for ${host}: call it by one of these names`
    default:
      return `shows a certificate that is not trusted (${code}): tell by tlsCAFile in the connection string whom to trust`
  }
}
