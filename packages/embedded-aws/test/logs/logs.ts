import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { createAws } from "../../src/create-aws.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { inProcessHandler } from "../../src/in-process-handler.ts";

export const ACCOUNT = "111122223333";
export const REGION = "eu-west-1";
export const START = Date.UTC(2026, 3, 1, 8);
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** An empty AWS, called by the SDK's client. */
export function logsAws() {
  const clock = new VirtualClock(START);
  const aws = createAws({ clock });
  const clientOf = (accessKeyId: string, sessionToken?: string) =>
    new CloudWatchLogs({
      region: REGION,
      credentials: { accessKeyId, secretAccessKey: "any", ...(sessionToken && { sessionToken }) },
      requestHandler: inProcessHandler(aws),
      maxAttempts: 1,
    });
  const client = clientOf(ACCOUNT);
  const call = <Output = Record<string, unknown>>(service: string, operation: string, input: object) =>
    aws.call<Output>(service, operation, input, { principal: accountPrincipal(ACCOUNT), region: REGION });

  /** A group with a stream `s`. */
  async function group(logGroupName: string, logStreamName = "s") {
    await client.createLogGroup({ logGroupName });
    await client.createLogStream({ logGroupName, logStreamName });
  }

  /** Puts a line for each second, the last of them now. */
  async function put(logGroupName: string, lines: readonly string[], logStreamName = "s") {
    const first = clock.now() - (lines.length - 1) * 1_000;
    const logEvents = lines.map((message, n) => ({ timestamp: first + n * 1_000, message }));
    return await client.putLogEvents({ logGroupName, logStreamName, logEvents });
  }

  return { aws, clock, client, clientOf, call, group, put };
}
