import { createHash, timingSafeEqual } from "node:crypto";
import type { Blueprint } from "../deploy/blueprint.ts";
import type { DeployOptions, Progress } from "../deploy/deploy.ts";
import { defineState, type EmbeddedAws } from "../engine/embedded-aws.ts";
import type { WireRequest } from "../wire/message.ts";
import { DoorError, readBody } from "./question.ts";

const door = defineState("deploy door", (): { token: string | undefined } => ({ token: undefined }));

/** From now on, programs that send the token can deploy. */
export const acceptDeployments = (aws: EmbeddedAws, token: string): void => {
  aws.state(door, "", "").token = token;
};

/** A blueprint names a local folder whose code runs as functions. @throws DoorError */
function refuseWithoutToken(aws: EmbeddedAws, { headers }: WireRequest): void {
  const { token } = aws.state(door, "", "");
  if (token === undefined) {
    throw new DoorError(
      403,
      "DoorClosed",
      "This AWS accepts no deployments over HTTP: the program that started it deploys.",
    );
  }
  const digest = (text: string) => createHash("sha256").update(text).digest();
  if (!timingSafeEqual(digest(headers.authorization ?? ""), digest(`Bearer ${token}`))) {
    throw new DoorError(
      403,
      "WrongToken",
      "Deploying requires the header `Authorization: Bearer <token>`. The command that started this AWS wrote the token to a file.",
    );
  }
}

/**
 * `POST /_embedded/deploy {"blueprint": {...}, "root": "/absolute/folder", "secrets": {...}}` deploys a blueprint, or
 * updates an earlier deployment to it; virtual time stands still meanwhile. Answers the steps in order, without the
 * resources that did not change.
 */
export async function deployBlueprint(aws: EmbeddedAws, request: WireRequest): Promise<object> {
  refuseWithoutToken(aws, request);
  const body = readBody(request);
  const blueprint = toBlueprint(body.blueprint);
  const steps: Progress[] = [];
  const onProgress = (step: Progress) => void (step.action !== "same" && steps.push(step));
  const options = { root: toRoot(body.root), secrets: toSecrets(body.secrets), onProgress };
  const deployment = await aws.clock.hold(deploy(aws, blueprint, options));
  return {
    account: blueprint.account,
    resources: blueprint.resources.length,
    steps,
    deployed: Object.fromEntries(deployment),
  };
}

async function deploy(aws: EmbeddedAws, blueprint: Blueprint, options: DeployOptions) {
  // Loaded here: an AWS on its own starts without it.
  const { deploy } = await import("../deploy/deploy.ts");
  try {
    return await deploy(aws, blueprint, options);
  } catch (cause) {
    throw new DoorError(409, "NotDeployed", cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function toBlueprint(value: unknown): Blueprint {
  const { account, buildRegion, resources } = (value ?? {}) as Partial<Blueprint>;
  if (typeof account === "string" && typeof buildRegion === "string" && Array.isArray(resources)) {
    return value as Blueprint;
  }
  throw new DoorError(
    400,
    "BadBody",
    "blueprint must be an object with account, partition, buildRegion and resources.",
  );
}

function toRoot(value: unknown): string {
  if (typeof value === "string" && value.startsWith("/")) return value;
  throw new DoorError(
    400,
    "BadBody",
    "root must be the absolute path of the program's folder, which contains the functions' handlers.",
  );
}

function toSecrets(value: unknown = {}): Record<string, string> {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  if (isRecord && Object.values(value).every((one) => typeof one === "string")) return value as Record<string, string>;
  throw new DoorError(400, "BadBody", "secrets must be an object with string values.");
}
