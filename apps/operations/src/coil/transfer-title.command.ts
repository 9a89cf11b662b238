import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { z } from 'zod'
import { transferTitle } from '#domain/coil/decide/transfer-title'
import { coils } from '#domain/coil/state'
import { partners } from '#domain/plant/state'
import { partnerCode, reason } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'
import { withReservingOrder } from './reserving-order.js'

export const transferTitleBody = commandBody(
  {
    to: partnerCode.describe('the owner from now on; the present one, to change only the holder'),
    holder: partnerCode.optional().describe('in whose hands it is from now on; unchanged if left out'),
    reason,
  },
  { to: 'ALRO', reason: 'bought from its owner' },
)

export class TransferTitle extends PlantCommand<z.output<typeof transferTitleBody> & { coil: string }> {}

@CommandHandler(TransferTitle)
export class TransferTitleHandler implements ICommandHandler<TransferTitle> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: TransferTitle) {
    const { coil, to, holder, reason } = command.payload
    return this.pipeline.run(command, coils, coil, async (history, given) => {
      const before = await withReservingOrder(history, coil)
      const named = holder === undefined ? [to] : [to, holder]
      const [owner, inHandsOf] = await history.getAll(partners, named, (i) => (i === 0 ? '/to' : '/holder'))
      return transferTitle(before, owner!, inHandsOf, reason, given)
    })
  }
}
