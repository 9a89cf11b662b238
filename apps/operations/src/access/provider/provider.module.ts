import { Module } from '@nestjs/common'
import { ProviderController } from './provider.controller.js'
import { ProviderSignIn } from './provider-sign-in.js'

/** Sign-in by the plant's identity provider (OpenID Connect), where one is set. */
@Module({ controllers: [ProviderController], providers: [ProviderSignIn] })
export class ProviderModule {}
