import * as z from "zod";
import type { EmbeddedAws } from "../engine/embedded-aws.ts";
import { type InstanceContext, type InstancePlan, simulateInstances } from "../services/imagebuilder/simulation.ts";
import type { WireRequest } from "../wire/message.ts";
import { DoorError, readBody } from "./question.ts";

const outcome = z.strictObject({
  exitCode: z.int().min(0).max(255).optional(),
  stdout: z.string().optional(),
  stderr: z.string().optional(),
});

/** What an image's instances answer. `{instanceId}` in a string is replaced by the instance's id. */
const instance = z.strictObject({
  /** The image's name as in its ARN; omitted: every image. */
  image: z.string().optional(),
  /** By the step's name. */
  steps: z.record(z.string(), outcome).optional(),
  /** By path or path suffix. */
  files: z.record(z.string(), z.string()).optional(),
  packages: z.array(z.strictObject({ name: z.string(), version: z.string() })).optional(),
});

type Instance = z.infer<typeof instance>;

const schema = z.strictObject({
  account: z.string().regex(/^\d{12}$/),
  region: z.string(),
  instances: z.array(instance),
});

/**
 * `POST /_embedded/instances {"account", "region", "instances": [{"image", "steps", "files", "packages"}]}` sets what
 * simulated instances answer from now on. If several entries match an image, the first applies.
 */
export function planInstances(aws: EmbeddedAws, request: WireRequest): object {
  const parsed = schema.safeParse(readBody(request));
  if (!parsed.success) throw new DoorError(400, "BadBody", z.prettifyError(parsed.error));
  const { account, region, instances } = parsed.data;
  simulateInstances(aws, account, region, toPlan(instances));
  return { planned: instances.length };
}

function toPlan(instances: readonly Instance[]): InstancePlan {
  const of = ({ image }: InstanceContext) => instances.find((one) => one.image === undefined || one.image === image);
  return {
    step(context) {
      const planned = of(context)?.steps?.[context.step];
      if (!planned) return undefined;
      const { exitCode, stdout, stderr } = planned;
      return {
        ...(exitCode !== undefined && { exitCode }),
        ...(stdout !== undefined && { stdout: filled(stdout, context) }),
        ...(stderr !== undefined && { stderr: filled(stderr, context) }),
      };
    },
    file(context, path) {
      const found = Object.entries(of(context)?.files ?? {}).find(([end]) => path.endsWith(end));
      return found && filled(found[1], context);
    },
    packages: (context) => of(context)?.packages ?? [],
  };
}

const filled = (text: string, { instanceId }: InstanceContext): string => text.replaceAll("{instanceId}", instanceId);
