// How many different users an hour, by event time, from a log whose lines are out of order:
//
//     node examples/hourly-users.ts examples/access.log
import { boundedOutOfOrderness, countDistinct, run, tumbling } from 'tidemark'
import { lines } from 'tidemark/adapters/file'
import { combined, parse } from 'tidemark/adapters/format'
import { text } from 'tidemark/adapters/stdio'
import { assignTimestamps, panes, window } from 'tidemark/operators'

const perHour = lines(process.argv[2] ?? 'examples/access.log').pipe(
  parse(combined()),
  assignTimestamps((hit) => hit.time, boundedOutOfOrderness('60s')),
  window(
    tumbling('1h'),
    countDistinct((hit) => hit.host),
  ),
  panes(),
)

await run(
  perHour,
  text(process.stdout, ({ window, value }) => `${new Date(window.start).toISOString()} ${value}`),
).done
