import type { Operation, Service } from "embedded-aws";
import { type Functions, start, Workbench } from "embedded-aws/testing/states";

export const input = { build: "arn:build", image: "al2023-base" };
export const decision = {
  verdict: "passed",
  distribute: [{ region: "us-east-1" }, { region: "eu-central-1" }],
  channels: [
    { name: "candidate", soakSeconds: 86_400, regions: ["eu-west-1", "us-east-1"], quorum: 2 },
    { name: "stable", soakSeconds: 0, regions: ["eu-west-1", "us-east-1"], quorum: 2 },
  ],
};

/** Omitted from the log, because other tests cover it. */
const quiet: Functions = {
  "keep-grants": () => ({}),
  "prepare-image": () => ({}),
  "verify-share": (event) => ({ region: (event as { region: string }).region }),
  "share-parameter": (event) => event,
  "verify-parameter": () => ({}),
};

/** The machine's functions with a log of their calls, and copies that end as `copies` determines. */
export function promotionWorkbench(
  more: Functions = {},
  copies: Record<string, { status: string; reason?: string }> = {},
) {
  const log: string[] = [];
  const noted =
    (name: string, answer: Functions[string] = () => ({})): Functions[string] =>
    (event, workbench) => {
      const { region = "", channel = "" } = event as Record<string, string>;
      const minutes = Math.round((workbench.clock.now() - start) / 60_000);
      log.push([name, channel, region, `+${minutes}m`].filter(Boolean).join(" "));
      return answer(event, workbench);
    };
  const functions: Functions = {
    "collect-evidence": () => input,
    "decide-gate": () => decision,
    "distribute-image": (event) => {
      const { region } = event as { region: string };
      return { region, copy: `arn:aws:imagebuilder:${region}:111122223333:image/copy/1.0.0/1` };
    },
    "record-copy": () => ({}),
    "request-approval": () => ({}),
    "expire-approval": () => ({ verdict: "expired" }),
    "check-promotion": () => ({ goesOn: true }),
    "share-image": (event) => ({ region: (event as { region: string }).region }),
    "move-channel": () => ({ moved: true }),
    "confirm-channel": () => ({ confirmed: true }),
    "undo-promotion": () => ({}),
    ...more,
  };
  const GetImage = {
    run({ imageBuildVersionArn }: { imageBuildVersionArn: string }, { aws }: { aws: { clock: { now(): number } } }) {
      const region = imageBuildVersionArn.split(":")[3]!;
      const ready = aws.clock.now() - start >= 20 * 60_000;
      return { image: { state: ready ? (copies[region] ?? { status: "AVAILABLE" }) : { status: "DISTRIBUTING" } } };
    },
  } as Operation;
  const imagebuilder: Service = {
    name: "imagebuilder",
    client: () => import("@aws-sdk/client-imagebuilder"),
    operations: { GetImage },
  };
  const all = {
    ...quiet,
    ...Object.fromEntries(Object.entries(functions).map(([name, answer]) => [name, noted(name, answer)])),
  };
  return { log, workbench: new Workbench(all, { imagebuilder }) };
}
