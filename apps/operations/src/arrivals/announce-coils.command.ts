import { createHash } from 'node:crypto'
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { z } from 'zod'
import { announceCoils, type Judgement, judgePackingList } from '#domain/arrivals/decide/announce-coils'
import { listHeader } from '#domain/arrivals/list-header'
import { contentOf, readPackingList } from '#domain/arrivals/packing-list'
import { packingLists } from '#domain/arrivals/state'
import { coils } from '#domain/coil/state'
import { alloys, partners, plants, tempers } from '#domain/plant/state'
import { instant } from '#domain/words'
import { CommandPipeline } from '../pipeline/command-pipeline.js'
import { readKnown, wanted } from '../pipeline/known.js'
import { PlantCommand } from '../pipeline/plant-command.js'
import { answerOf, faultyList, type PackingListAnswer } from './packing-list-answer.js'
import { sheetOf } from './packing-list-csv.js'

const flag = (description: string) =>
  z
    .stringbool({ truthy: ['true', '1', 'yes', ''], falsy: ['false', '0', 'no'] })
    .default(false)
    .describe(description)

/** In an address a plus that nobody encoded is a blank. */
const plusAgain = (text: unknown) => (typeof text === 'string' ? text.replace(/ (?=\d\d:\d\d$)/, '+') : text)

/** What goes with the file, in the query or as fields of the form. It wins over the file's own comment lines. */
export const packingListParameters = listHeader.extend({
  shippedAt: z.preprocess(plusAgain, listHeader.shape.shippedAt),
  occurredAt: z.preprocess(plusAgain, instant.optional()),
  dryRun: flag('says what would happen, and records nothing'),
  goodRowsOnly: flag('announces the good rows although others are faulty'),
  confirmed: flag('the weights are right although they do not fit the dimensions'),
})

export class AnnounceCoils extends PlantCommand<z.output<typeof packingListParameters> & { csv: string }> {}

@CommandHandler(AnnounceCoils)
export class AnnounceCoilsHandler implements ICommandHandler<AnnounceCoils> {
  constructor(private readonly pipeline: CommandPipeline) {}

  async execute(command: AnnounceCoils): Promise<PackingListAnswer> {
    const { csv, dryRun, goodRowsOnly, confirmed, occurredAt: _, ...told } = command.payload
    const list = readPackingList(sheetOf(csv), told)
    const contentHash = createHash('sha256').update(contentOf(list)).digest('hex')
    const packingList = `PL-${contentHash.slice(0, 20).toUpperCase()}`
    const facts = list.rows.flatMap((row) => row.facts ?? [])
    let judgement: Judgement | undefined
    const outcome = await this.pipeline.run(command, packingLists, packingList, async (history, { now }) => {
      const known = await readKnown(
        history,
        wanted(
          coils,
          facts.map((one) => one.coil),
        ),
        wanted(
          alloys,
          facts.map((one) => one.alloy),
        ),
        wanted(
          tempers,
          facts.map((one) => one.temper),
        ),
        wanted(partners, [list.header.supplier, list.header.owner]),
      )
      const plant = await history.get(plants, 'main')
      const given = { packingList, contentHash, list, plant, known, now, confirmed }
      judgement = judgePackingList(given)
      if (dryRun) return []
      if (isRefused(judgement, goodRowsOnly)) throw faultyList(judgement)
      return announceCoils(given, judgement)
    })
    return answerOf(outcome, packingList, list, judgement, dryRun)
  }
}

function isRefused({ rows, listFaults }: Judgement, goodRowsOnly: boolean): boolean {
  if (listFaults.length > 0) return true
  return goodRowsOnly ? rows.every((row) => row.result === 'faulty') : rows.some((row) => row.result === 'faulty')
}
