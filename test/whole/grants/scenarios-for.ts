import { daysByHand } from "./by-hand.ts";
import { containerDays } from "./container-days.ts";
import type { Grant } from "./grant.ts";
import { month } from "./month.ts";
import type { Scenario } from "./scenario.ts";
import { troubledDays } from "./troubled-days.ts";

/** The holders of what only the month uses: clicks in Slack, a promotion that is asked for again, halted roll-outs. */
const ONLY_IN_MONTH =
  /^(AnswerSlack|PromoteBuild|SteerRollOut|RollOutRevoked|RollOutRole|RollOutPermission|RolloutMachine)/;
/** The holders of what only container images use. */
const CONTAINERS = /^(ContainerBuildInstanceRole|ChannelAl2023Node)/;
/** The holders of what only trouble, or a consumer, uses. */
const TROUBLE = /^(UndoPromotion|Notify|RecordBuild|StartBuildScheduler|ImageKey|Notices|.*DeadLetters)/;

/** The scenario that likely misses it soonest, and then the others, the month last: it takes four times as long. */
export function scenariosFor({ holder: { name }, action }: Grant): readonly Scenario[] {
  if (ONLY_IN_MONTH.test(name)) return [month];
  if (CONTAINERS.test(name)) return [containerDays, month];
  const troubleFirst = TROUBLE.test(name) || action === "sqs:SendMessage" || action === "s3:ListBucket";
  return troubleFirst ? [troubledDays, daysByHand, month] : [daysByHand, troubledDays, month];
}
