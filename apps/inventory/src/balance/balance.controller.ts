import { Controller, Get, Query } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import { z } from 'zod'
import { after } from '#platform/consistency'
import { Reads } from '../http/reads.js'
import { Balance, balanceAnswer } from './balance.js'

@ApiTags('balance')
@Controller('balance')
export class BalanceController {
  constructor(private readonly balance: Balance) {}

  @Get()
  @Reads('read-balance', 'The books of the plant’s metal, whole and by owner', {
    description:
      'What came less what went is what is on hand: `unbalancedKg` is 0. What processing takes from coils it puts into ' +
      'coils, so that `producedKg` equals `processedKg` in the plant’s books; scrap, loss and difference are told apart.',
    answer: balanceAnswer,
  })
  books(@Query({ schema: z.strictObject(after) }) _query: unknown) {
    return this.balance.books()
  }
}
