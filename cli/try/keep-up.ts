import { once } from "node:events";
import type { Command } from "commander";
import { openDeployDoor, portOption } from "embedded-aws/command";
import type { RunningFactory } from "../../local/boot/boot-factory.ts";

export interface KeepOptions {
  readonly keep?: true;
  readonly port: number;
}

/** The options of commands that can leave the embedded AWS up at their end. */
export const withKeepOptions = (command: Command): Command =>
  command
    .option("--keep", "leave the embedded AWS up afterwards, to look around with Amint and the AWS CLI")
    .addOption(portOption());

/** How a shell reaches the embedded AWS as an account. */
export const exportLines = (url: string, account: string, region: string): string =>
  [
    `export AWS_ENDPOINT_URL=${url} AWS_REGION=${region} AWS_DEFAULT_REGION=${region}`,
    `export AWS_ACCESS_KEY_ID=${account} AWS_SECRET_ACCESS_KEY=embedded`,
  ].join("\n");

/** Serves the embedded AWS until Ctrl-C or SIGTERM; from here on factory time runs as fast as real time. */
export async function keepUp({ booted, clock }: RunningFactory): Promise<void> {
  const closeDoor = openDeployDoor(booted.aws, Number(new URL(booted.url).port));
  const stop = clock.follow();
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  closeDoor();
  stop();
  await clock.settle();
}
