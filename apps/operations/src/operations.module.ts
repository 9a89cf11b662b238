import { Module } from '@nestjs/common'
import { CoilModule } from './coil/coil.module.js'

/** The write side: one folder per context, one file per command. */
@Module({ imports: [CoilModule] })
export class OperationsModule {}
