import { once } from "node:events";
import { Command, InvalidArgumentError, Option } from "commander";
import { RealClock } from "../engine/clock/real-clock.ts";
import { VirtualClock } from "../engine/clock/virtual-clock.ts";
import type { OrganizationSeed } from "../services/organizations/seed-organization.ts";
import { type StartedAws, startAws } from "../start-aws.ts";
import { openDeployDoor } from "./deploy-token.ts";
import { readSeed } from "./read-organization.ts";

interface Options {
  readonly port: number;
  readonly clock: "real" | "virtual";
  readonly speed?: number;
  readonly seed?: string;
  readonly limits: "published" | "none";
}

/** Long enough for a running client to send its next request; too short for the next command of a shell script. */
const LINGER_MS = 25;

/** With the real clock a minute of AWS's own work takes a second: a build half a minute, a copy of an AMI a few seconds. */
const SPEED = 60;

/** Serves an empty embedded AWS for any client, until Ctrl-C. */
export const startCommand = (name: string): Command =>
  new Command(name)
    .description("start an embedded AWS on 127.0.0.1 (stop with Ctrl-C)")
    .addOption(portOption())
    .addOption(
      new Option("--clock <kind>", "virtual: time jumps to the next timer whenever nothing is in flight")
        .choices(["real", "virtual"])
        .default("real"),
    )
    .addOption(
      new Option(
        "--speed <factor>",
        `with the real clock: how many times faster builds, copies and boots are than in AWS (default: ${SPEED})`,
      ).argParser(toSpeed),
    )
    .option(
      "--seed <organization.yaml>",
      "accounts, OUs and networks; landing-zone: no default VPC (default: a small organization)",
    )
    .addOption(
      new Option("--limits <kind>", "published: throttle requests at the rates that AWS publishes")
        .choices(["published", "none"])
        .default("published"),
    )
    .action((options: Options, command: Command) => {
      if (options.speed !== undefined && options.clock === "virtual") {
        command.error("error: --speed does not apply to --clock virtual, whose time jumps");
      }
      return start(options);
    });

async function start({ port, clock: kind, speed = SPEED, seed, limits }: Options): Promise<void> {
  const organization = await readSeed(seed);
  const { clock, stop } = kind === "real" ? realTime(speed) : racingTime();
  const served = await startAws({
    clock,
    organization,
    port,
    lingerMs: LINGER_MS,
    ...(limits === "published" && { limits: "everybody" }),
  });
  const closeDoor = await openDoor(served, port);
  // A failure of one background task must not end the process.
  process.on("unhandledRejection", tell);
  const time = kind === "real" ? `real clock, speed ${speed}` : "virtual clock";
  process.stdout.write(greeting(served.url, time, organization));
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  // Time stops first, so that no new work begins while the server closes.
  await stop();
  closeDoor();
  await served.close();
}

async function openDoor({ aws, close }: StartedAws, port: number): Promise<() => void> {
  try {
    return openDeployDoor(aws, port);
  } catch (cause) {
    await close();
    throw cause;
  }
}

function realTime(speed: number) {
  const clock = new RealClock({ speed });
  return { clock, stop: async () => clock.stop() };
}

function racingTime() {
  const clock = new VirtualClock(Date.now());
  const end = clock.race({ onFailure: tell });
  const stop = async () => {
    end();
    await clock.settle();
  };
  return { clock, stop };
}

const tell = (cause: unknown): void => {
  process.stderr.write(
    `The embedded AWS continues after an internal error: ${cause instanceof Error ? cause.stack : String(cause)}\n`,
  );
};

const greeting = (url: string, time: string, organization: OrganizationSeed): string => {
  const management = organization.management.id;
  return `The embedded AWS (${time}) listens on ${url}; press Ctrl-C to stop. The access key is the account id:

  export AWS_ENDPOINT_URL=${url} AWS_ACCESS_KEY_ID=${management} AWS_SECRET_ACCESS_KEY=any AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=eu-west-1
  aws --endpoint-url ${url} organizations list-accounts

See the README of embedded-aws for more.
`;
};

/** `--port`: where the embedded AWS listens on 127.0.0.1. */
export const portOption = (): Option =>
  new Option("--port <number>", "port on 127.0.0.1").default(4566).argParser(toPort);

function toSpeed(text: string): number {
  const speed = Number(text);
  if (!(speed >= 1 && speed <= 10_000)) throw new InvalidArgumentError("Must be a number from 1 to 10000.");
  return speed;
}

function toPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new InvalidArgumentError("Must be a port number from 1 to 65535.");
  return port;
}
