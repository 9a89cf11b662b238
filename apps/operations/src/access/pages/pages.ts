import { Injectable, type OnModuleInit } from '@nestjs/common'
import { HttpAdapterHost } from '@nestjs/core'
import type { FastifyInstance } from 'fastify'
import { ACCOUNT, ACCOUNT_SCRIPT } from './account.page.js'
import { INVITATION, INVITATION_SCRIPT } from './invitation.page.js'
import { SHARED } from './shared-script.js'
import { SIGN_IN, SIGN_IN_SCRIPT } from './sign-in.page.js'
import { STYLE } from './style.js'

const FILES: Readonly<Record<string, readonly [type: string, text: string]>> = {
  '/sign-in': ['text/html', SIGN_IN],
  '/sign-in/page.js': ['text/javascript', SIGN_IN_SCRIPT],
  '/sign-in/shared.js': ['text/javascript', SHARED],
  '/sign-in/style.css': ['text/css', STYLE],
  '/invitation': ['text/html', INVITATION],
  '/invitation/page.js': ['text/javascript', INVITATION_SCRIPT],
  '/account': ['text/html', ACCOUNT],
  '/account/page.js': ['text/javascript', ACCOUNT_SCRIPT],
}

/** Files and answers of our own, and nothing else: no inline script, no other site, no frame; forms are sent by script. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

/** The pages by which people come in. They stand outside of `/api`, and anybody may see them. */
@Injectable()
export class Pages implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>()
    for (const [path, [type, text]] of Object.entries(FILES)) {
      fastify.get(path, (_request, reply) =>
        reply.header('content-security-policy', POLICY).type(`${type}; charset=utf-8`).send(text),
      )
    }
  }
}
