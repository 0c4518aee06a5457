import type { StandardUnit } from "@aws-sdk/client-cloudwatch";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { recordSet } from "./record-metric.ts";
import { merge, setOf } from "./statistic-set.ts";

/** What a log event says of metrics in its `_aws` member (CloudWatch user guide, "Embedded metric format specification"). */
interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string; readonly Unit?: StandardUnit }[];
}

type Members = Readonly<Record<string, unknown>>;

const MARK = '"CloudWatchMetrics"';
const DAY = 86_400_000;

/**
 * Takes the metrics out of what was logged: one JSON object a line. Lines that are none, and metrics that the format does
 * not allow, leave nothing behind: CloudWatch Logs keeps them as text, and so does the log here.
 */
export function recordEmbeddedMetrics(aws: EmbeddedAws, account: string, region: string, text: string): void {
  if (!text.includes(MARK)) return;
  for (const line of text.split("\n")) {
    const members = line.includes(MARK) ? parse(line) : undefined;
    const { Timestamp: at, CloudWatchMetrics: directives } = (members?._aws ?? {}) as Members;
    if (!members || typeof at !== "number" || !Array.isArray(directives) || !isInTime(at, aws.clock.now())) continue;
    for (const directive of directives as Directive[]) record(aws, account, region, directive, members, at);
  }
}

/** Log events are taken two weeks late and two hours early (CloudWatch Logs API reference, `PutLogEvents`). */
const isInTime = (at: number, now: number): boolean => at > now - 14 * DAY && at < now + DAY / 12;

function record(
  aws: EmbeddedAws,
  account: string,
  region: string,
  { Namespace: namespace, Dimensions, Metrics = [] }: Directive,
  members: Members,
  at: number,
): void {
  if (typeof namespace !== "string") return;
  for (const { Name: metricName, Unit: unit } of Metrics) {
    const values = [members[metricName]].flat().filter((value) => typeof value === "number");
    if (values.length === 0) continue;
    const set = values.map((value) => setOf(value)).reduce(merge);
    for (const names of Dimensions ?? [[]]) {
      const dimensions = dimensionsOf(names, members);
      if (dimensions) recordSet(aws, account, region, { namespace, metricName, dimensions, set, at, unit });
    }
  }
}

/** Undefined where a dimension has no value among the members. */
function dimensionsOf(names: readonly string[], members: Members): Record<string, string> | undefined {
  const values = names.map((name) => [name, members[name]] as const);
  return values.every((entry): entry is readonly [string, string] => typeof entry[1] === "string")
    ? Object.fromEntries(values)
    : undefined;
}

function parse(line: string): Members | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === "object" && parsed !== null ? (parsed as Members) : undefined;
  } catch {
    return undefined;
  }
}
