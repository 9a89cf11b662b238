import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { z } from 'zod'
import { analyseMelt } from '#domain/melt/decide/analyse-melt'
import { melts } from '#domain/melt/state'
import { alloys, partners } from '#domain/plant/state'
import { Refused, unknownThing } from '#domain/refusal'
import { alloyName, element, partnerCode, reason } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { commandBody, PlantCommand } from '../pipeline/plant-command.js'

const MOST_ELEMENTS = 60

export const analyseMeltBody = commandBody(
  {
    elements: z
      .record(element, z.number().min(0).max(100))
      .refine(
        (elements) => Object.keys(elements).length <= MOST_ELEMENTS,
        `no analysis has over ${MOST_ELEMENTS} elements`,
      )
      .describe('mass-%, by symbol; OthersEach and OthersTotal for what is not named'),
    alloy: alloyName.optional().describe('needed for a melt that is not known yet: a supplier’s'),
    owner: partnerCode.optional().describe('needed for a melt that is not known yet: a supplier’s'),
    accepted: z
      .strictObject({ reason })
      .optional()
      .describe('why it may be cast though it is outside the alloy’s limits'),
  },
  { elements: { Si: 0.55, Fe: 0.7, Cu: 0.02, Mn: 0.03, Al: 98.6 } },
)

export class AnalyseMelt extends PlantCommand<z.output<typeof analyseMeltBody> & { castNumber: string }> {}

@CommandHandler(AnalyseMelt)
export class AnalyseMeltHandler implements ICommandHandler<AnalyseMelt> {
  constructor(private readonly pipeline: CommandPipeline) {}

  execute(command: AnalyseMelt) {
    const { payload } = command
    const { castNumber } = payload
    return this.pipeline.run(command, melts, castNumber, async (history, given) => {
      const existing = await history.findOne(melts, castNumber)
      const alloy = existing?.alloy ?? payload.alloy
      const owner = existing?.owner ?? payload.owner
      if (alloy === undefined || owner === undefined) {
        const message = `there is no melt ${castNumber}: if it is a supplier’s, say its alloy and its owner`
        throw new Refused([{ ...unknownThing('melt', castNumber), message }])
      }
      return analyseMelt(
        payload,
        existing,
        await history.get(alloys, alloy, '/alloy'),
        await history.get(partners, owner, '/owner'),
        given,
      )
    })
  }
}
