import { Module } from '@nestjs/common'
import { AccessLog } from '#platform/identity/access-log'
import { Accounts } from '#platform/identity/accounts'
import { Passwords } from '#platform/identity/passwords'
import { PasswordChoice } from '#platform/identity/passwords-choice'
import { Sessions } from '#platform/identity/sessions'
import { SignIn } from '#platform/identity/sign-in'
import { Tries } from '#platform/identity/tries'
import { AccountController } from './account.controller.js'
import { Pages } from './pages/pages.js'
import { ProviderModule } from './provider/provider.module.js'
import { SessionController } from './session.controller.js'
import { SessionsController } from './sessions.controller.js'

/** People: their accounts, and how they come in. */
@Module({
  imports: [ProviderModule],
  controllers: [SessionController, SessionsController, AccountController],
  providers: [
    {
      provide: Accounts,
      inject: [AccessLog, Sessions],
      useFactory: (...p: [AccessLog, Sessions]) => new Accounts(...p),
    },
    Pages,
    Passwords,
    {
      provide: Tries,
      inject: [AccessLog, Passwords],
      useFactory: (...parts: [AccessLog, Passwords]) => new Tries(...parts),
    },
    {
      provide: SignIn,
      inject: [AccessLog, Passwords, Tries, Sessions],
      useFactory: (...parts: Doors) => new SignIn(...parts),
    },
    {
      provide: PasswordChoice,
      inject: [AccessLog, Passwords, Tries, Sessions],
      useFactory: (...parts: Doors) => new PasswordChoice(...parts),
    },
  ],
})
export class AccessModule {}

type Doors = [AccessLog, Passwords, Tries, Sessions]
