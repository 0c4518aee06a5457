import { daysByHand } from "./by-hand.ts";
import { containerDays } from "./container-days.ts";
import { type Grant, inWords } from "./grant.ts";
import { month } from "./month.ts";
import { rolloutDays } from "./rollout-days.ts";
import type { Scenario } from "./scenario.ts";
import { troubledDays } from "./troubled-days.ts";

/** What only the month uses: clicks in Slack, an account that joins, leftovers that return, a changed key policy. */
const ONLY_IN_MONTH =
  /^(AnswerSlack|SlackKey: kms:Decrypt|PromoteBuild|CleanUpRole: dynamodb:UpdateItem|KeepGrantsRole: dynamodb:DeleteItem|OrganizationChangedPermission|ImageKeyUsEast1: kms:Put)/;
/** What only a roll-out uses, or the revocation of a build that others were built on. */
const ROLLOUTS =
  /^(RollOut|RolloutMachine|SteerRollOut|InstanceRefresh|TellPeopleOfRollOuts|WatchExposure(?!Role: s3:ListBucket)|RevokeBuildRole: ssm:PutParameter)/;
/** What only container images use. */
const CONTAINERS = /^(ContainerBuildInstanceRole|ChannelAl2023Node|MirrorChannelRole: ecr)/;
/** What only trouble, or a consumer, uses. */
const TROUBLE =
  /^(UndoPromotion|Notify|RecordBuild|StartBuildScheduler|ImageKey|Notices|BusPolicy|TellPeopleOfStuckImages|.*DeadLetters)/;

/** The scenario that likely misses it soonest, and then the others, the month last: it takes eight times as long. */
export function scenariosFor(grant: Grant): readonly Scenario[] {
  const name = inWords(grant);
  if (ONLY_IN_MONTH.test(name)) return [month];
  if (ROLLOUTS.test(name)) return [rolloutDays, month];
  if (CONTAINERS.test(name)) return [containerDays, month];
  const troubleFirst = TROUBLE.test(name) || grant.action === "sqs:SendMessage" || grant.action === "s3:ListBucket";
  return troubleFirst ? [troubledDays, daysByHand, month] : [daysByHand, troubledDays, month];
}
