import { EC2Client } from "@aws-sdk/client-ec2";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { AwsError } from "embedded-aws";
import { type AskedOperation, type Lifetime, setInterference, undisturbed } from "embedded-aws/faults";
import type { TestOptions } from "vitest";
import { findAmiStates } from "../../adapters/share/ami-state.ts";
import { readLaunchPermission } from "../../adapters/share/amis.ts";
import { entities } from "../../core/share/launch-permission.ts";
import { type AmiId, parseBuildArn } from "../../events/ids.ts";
import factory from "../../factory.config.ts";
import { openTrail } from "../channel/way-back/trail.ts";
import type { Trail as CloudTrail } from "../world/running-factory.ts";
import { HOUR, MINUTE } from "../world/time.ts";

export const image = "al2023-base";
/** Repairs are the same with events that report changes, and without. */
export const trails: readonly (readonly [CloudTrail, TestOptions])[] = [
  ["organization", {}],
  ["none", { tags: "deep" }],
];

export type RepairTrail = Awaited<ReturnType<typeof openRepairTrail>>;

/** The factory on a port, with builds of one image in its first channel, and switches that crash functions. */
export async function openRepairTrail(count: number, options: { readonly trail?: CloudTrail } = {}) {
  const trail = await openTrail(image, count, options);
  const { clock, events, booted } = trail.factory;
  const { options: clientOptions } = trail.factory;
  const lambda = new LambdaClient(clientOptions);
  const pass = (hours: number) => clock.runUntil(clock.now() + hours * HOUR);
  const arns = events
    .filter(({ detailType, detail }) => detailType === "build.available" && detail.image === image)
    .map(({ detail }) => parseBuildArn(String(detail.build)));

  return {
    ...trail,
    options: clientOptions,
    pass,
    arns,
    /** A function's result, or the name of its error. */
    async ask(name: string, event: object): Promise<unknown> {
      const asked = lambda.send(
        new InvokeCommand({ FunctionName: `amint-${factory.name}-${name}`, Payload: JSON.stringify(event) }),
      );
      await clock.runUntil(clock.now() + 3 * MINUTE);
      const { FunctionError, Payload } = await asked;
      const said = JSON.parse(Payload?.transformToString() ?? "null");
      return FunctionError ? said.errorType : said;
    },
    /** Functions whose invocations crash, each after a number of requests. */
    letDie(lifetimes: Readonly<Record<string, Lifetime>>): void {
      const lifetime = (name: string) => lifetimes[name.replace(`amint-${factory.name}-`, "")];
      setInterference(booted.aws, { ...undisturbed, lifetime });
    },
    /** Operations that AWS refuses. */
    refuse(which: (asked: AskedOperation) => boolean): void {
      setInterference(booted.aws, {
        ...undisturbed,
        operation: (asked, carryOut) =>
          which(asked) ? Promise.reject(new AwsError("UnauthorizedOperation", "A policy says no.")) : carryOut(),
      });
    },
    calmDown: () => setInterference(booted.aws, undisturbed),
    repairs: () => trail.said("drift.repaired").map(({ repair }) => String(repair)),
    /** By region: the AMI's state, and who may launch it. */
    async launchable(build: string): Promise<Record<string, string>> {
      const found: Record<string, string> = {};
      for (const region of ["eu-west-1", "us-east-1"]) {
        const ec2 = new EC2Client({ ...clientOptions, region });
        const ami = trail.amiOf(build, region) as AmiId;
        const state = (await findAmiStates(ec2, [ami])).get(ami);
        const shared = state === undefined ? [] : entities(await readLaunchPermission(ec2, ami));
        found[region] = `${state ?? "gone"}: ${shared.map((one) => one.split("/").at(-1)).join(", ")}`;
      }
      return found;
    },
  };
}
