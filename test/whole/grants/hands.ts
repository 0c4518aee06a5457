import { EC2Client } from "@aws-sdk/client-ec2";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { announceRelease, releasePublicImage } from "embedded-aws/seeds";
import { findApproval, recordSlackAnswer } from "../../../adapters/approval/approvals.ts";
import { type Claim, claimImage } from "../../../adapters/build/claims.ts";
import { recordRollback } from "../../../adapters/channel/rollbacks.ts";
import { recordWaiver } from "../../../adapters/gate/waivers.ts";
import { findShares } from "../../../adapters/promotion/promotion.ts";
import { readLaunchPermission, removeLaunchPermission } from "../../../adapters/share/amis.ts";
import { buildVersion, requireAmiId } from "../../../core/build/build-arn.ts";
import { channelParameter } from "../../../core/names.ts";
import { type BuildArn, parseBuildArn } from "../../../events/ids.ts";
import factory from "../../../factory.config.ts";
import type { RunningFactory } from "../../../local/boot/boot-factory.ts";
import { ledgerOf } from "../../world/ledger.ts";
import { HOUR, MINUTE } from "../../world/time.ts";
import type { Step } from "./hour-by-hour.ts";

export const begin = Date.UTC(2026, 3, 1, 8);

const RELEASE = 96.3;

/** When Amazon publishes a new base, between two looks at the schedule, in milliseconds since the epoch. */
export const releasedAt = begin + RELEASE * HOUR;

const image = "al2023-web";

const channel = "stable";

const reason = "people decide";

/**
 * Hours after the beginning, and operators' actions on the web server's builds.
 * @param hear receives `roll-back: moved` or `roll-back: RollbackRefused` for each function call
 */
export function hands(
  { booted, options, send, approve, events, clock, repository }: RunningFactory,
  hear: (answer: string) => void,
): Step[] {
  const lambda = new LambdaClient(options);
  const ledger = ledgerOf(options, `amint-${factory.name}-ledger`);
  const request = (of: string) => () => send("start-build", { trigger: "manual", image: of, requestedBy: "linus" });
  /** The nth build of the web server, counted from 1; undefined if it does not exist yet. */
  const build = (nth: number): BuildArn | undefined => {
    const available = events.filter(
      ({ detailType, detail }) => detailType === "build.available" && detail.image === image,
    );
    const found = available[nth - 1]?.detail.build;
    return found === undefined ? undefined : parseBuildArn(String(found));
  };
  const about = (nth: number, work: (build: BuildArn) => Promise<unknown>) => async () => {
    const found = build(nth);
    if (found) await work(found);
  };
  /** Functions that wait answer only once time passes. */
  const ask = async (name: string, event: object): Promise<void> => {
    const FunctionName = `amint-${factory.name}-${name}`;
    const asked = lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
    await clock.runUntil(clock.now() + 3 * MINUTE);
    const { FunctionError, Payload } = await asked;
    const said = JSON.parse(Payload?.transformToString() ?? "null");
    hear(`${name}: ${FunctionError ? said.errorType : outcomeOf(said)}`);
  };
  /** An operator unshares a build in EC2's console, and it has to be shared again. */
  const unshare = async (from: BuildArn): Promise<void> => {
    for (const { region, amiId: id } of await findShares(ledger, from)) {
      const amiId = requireAmiId(id);
      const ec2 = new EC2Client({ ...options, region });
      await removeLaunchPermission(ec2, amiId, await readLaunchPermission(ec2, amiId));
    }
  };
  const token = async (): Promise<string> => {
    const first = build(1);
    return (first && (await findApproval(ledger, { build: first, channel }))?.token) ?? "";
  };
  const approval = { approvers: ["ada", "grace"], required: 1, timeoutSeconds: 259_200 };
  const by = "ada";
  const revoke = (asked: BuildArn) => ask("revoke-build", { build: asked, by, reason });
  return [
    [0, request("al2023-base")],
    [
      1,
      () => {
        const waiver = { finding: "CVE-2026-99899", image: "*", owner: "ada", reason, until: "2026-04-05" };
        return recordWaiver(ledger, waiver, { by, at: "2026-04-01T09:00:00Z" });
      },
    ],
    // The function that recorded the build's end crashed before it released the image.
    [
      5,
      async () => {
        const ended = events.find(({ detailType }) => detailType === "build.available")?.detail.build;
        if (ended) await claimImage(ledger, "al2023-base", claimOf(parseBuildArn(String(ended))));
      },
    ],
    // The approval opens long before the soak ends, and stays without an answer: a reminder is sent.
    [
      30,
      about(1, (first) => {
        const reminded = { ...approval, remindAfterSeconds: 3600 };
        return ask("request-approval", { image, build: first, channel, token: "early", approval: reminded });
      }),
    ],
    // While no channel moves, an operator edits the parameters that consumers follow, and unshares a build.
    [
      40.1,
      async () => {
        const name = (of: string, which: string) => channelParameter(factory.name, of, which);
        const foreign = { Name: name(image, channel), Type: "String", Value: "ami-0123456789abcdef0" } as const;
        await new SSMClient(options).send(new PutParameterCommand(foreign));
        await new SSMClient(options).send(new DeleteParameterCommand({ Name: name("al2023-base", "candidate") }));
      },
    ],
    [40.2, about(1, unshare)],
    // Its first build waits for approvers. One answer is stored, and read only after the timeout.
    [
      54,
      about(1, async (first) => {
        const at = new Date(clock.now()).toISOString();
        const identity = { slack: factory.people.grace?.slack ?? "" };
        await recordSlackAnswer(ledger, { build: first, channel }, { id: "unread", identity, verdict: "approved", at });
        await ask("expire-approval", { image, build: first, channel });
      }),
    ],
    [55, request(image)],
    // Asked again after the decision: the state machine's retry.
    [
      58,
      about(1, async (first) =>
        ask("request-approval", { image, build: first, channel, token: await token(), approval }),
      ),
    ],
    // The approval opens before the soak ends, and one approver answers by `amint approve`.
    [
      59,
      about(2, async (second) =>
        ask("request-approval", { image, build: second, channel, token: await token(), approval }),
      ),
    ],
    [60, about(2, (second) => approve(second, "grace"))],
    [82, request(image)],
    // Between two looks of `reconcile`, which would share it again.
    [85.1, about(2, unshare)],
    // While it soaks.
    [85.2, about(3, revoke)],
    [86, about(3, (third) => ask("restore-build", { build: third, by, reason, request: "first" }))],
    [87.1, about(1, unshare)],
    [87.2, () => ask("roll-back", { image, channel, by, reason, request: "second" })],
    // Asked from Slack: to stay where it is.
    [
      87.5,
      about(1, async (first) => {
        const identity = { slack: factory.people.ada?.slack ?? "" };
        const asked = { id: "click", image, channel, to: buildVersion(first), identity, at: "2026-04-04T23:30:00Z" };
        await recordRollback(ledger, asked);
        await ask("roll-back-from-slack", asked);
      }),
    ],
    // One after the other, until the channel is empty.
    [88, about(1, revoke)],
    [89, about(2, revoke)],
    // Vendors publish a package below the threshold, one above it, and a new base.
    [
      90,
      async () => {
        const news = [
          { id: "ALAS2023-2026-9998", severity: "low", name: "systemd", version: "252.23-12.amzn2023" },
          { id: "ALAS2023-2026-9999", severity: "important", name: "glibc", version: "2.34-300.amzn2023" },
        ] as const;
        for (const { id, severity, name, version } of news) {
          const advisory = { id, severity, cves: [] };
          const packages = [{ name, version, architecture: "x86_64", source: name }];
          repository.publish({ at: clock.now(), os: "al2023", advisory, packages });
        }
      },
    ],
    [
      RELEASE,
      async () => {
        const release = { family: "al2023" as const, version: "2023.11.20260405.0", regions: factory.regions };
        const images = releasePublicImage(booted.aws, { ...release, architecture: "x86_64" });
        await announceRelease(booted.aws, { ...release, images });
      },
    ],
    [100, async () => {}],
  ];
}

const claimOf = (build: BuildArn): Claim => ({
  token: "ended",
  tokens: ["ended"],
  triggers: [{ kind: "manual", requestedBy: "ada" }],
  owner: "a request that crashed",
  since: new Date(begin).toISOString(),
  config: "as it was",
  build,
});

/** A successful function's result, without ids. */
function outcomeOf(said: unknown): string {
  const { verdict, asked, statusCode, moved, revoked, shared, outcome } = said as Record<string, unknown>;
  const left = (revoked as { left: unknown[] }[] | undefined)?.map((one) => one.left.length).join();
  return JSON.stringify({
    verdict,
    asked,
    statusCode,
    moved,
    outcome,
    left,
    shared: (shared as unknown[] | undefined)?.length,
  });
}
