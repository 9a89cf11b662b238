import { Injectable, type OnModuleInit, RequestMethod } from '@nestjs/common'
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js'
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core'
import { ALLOWED } from './allow.js'

/** Refuses to start with a route that does not say who may call it: forgetting that must not open a door. */
@Injectable()
export class RoutesSayWhoMay implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const silent: string[] = []
    for (const { metatype } of this.discovery.getControllers()) {
      if (!metatype) continue
      for (const name of this.scanner.getAllMethodNames(metatype.prototype)) {
        const handler = metatype.prototype[name]
        if (!Reflect.hasMetadata(PATH_METADATA, handler)) continue
        if (this.reflector.getAllAndOverride(ALLOWED, [handler, metatype as () => void])) continue
        const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler)]
        const path = [Reflect.getMetadata(PATH_METADATA, metatype), Reflect.getMetadata(PATH_METADATA, handler)]
        silent.push(`${method} ${path.join('/').replaceAll(/\/+/g, '/')} (${metatype.name}.${name})`)
      }
    }
    if (silent.length) throw new Error(`These routes do not say who may call them, with @Allow(): ${silent.join(', ')}`)
  }
}
