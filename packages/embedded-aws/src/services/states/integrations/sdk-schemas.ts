import { NormalizedSchema } from "@smithy/core/schema";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { findService } from "../../../engine/find-service.ts";

interface OperationSchema {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
}

/** Where the SDK's generated schemas keep what they are: the first element. */
const OPERATION = 9;
const ERROR = -3;

type Tuple = readonly [kind: number, namespace: string, name: string, ...rest: unknown[]];

async function tuples(aws: EmbeddedAws, service: string, kind: number): Promise<Tuple[]> {
  // Loading a client reads files: factory time stands still meanwhile.
  const client = await aws.clock.hold(findService(aws, service).then((found) => found?.client()));
  return Object.values(client ?? {}).filter((value): value is Tuple => Array.isArray(value) && value[0] === kind);
}

/** An operation by its name in a Task's Resource (`getImage`); undefined where the service has none. */
export async function operationSchema(
  aws: EmbeddedAws,
  service: string,
  action: string,
): Promise<OperationSchema | undefined> {
  const wanted = action.toLowerCase();
  const found = (await tuples(aws, service, OPERATION)).find((tuple) => tuple[2].toLowerCase() === wanted);
  if (!found) return undefined;
  const [input, output] = [found[4], found[5]].map((schema) => NormalizedSchema.of(schema as never));
  return { name: found[2], input: input!, output: output! };
}

/** The service's error of that code as its model names it; undefined for codes outside the model (EC2 models none). */
export async function errorShape(aws: EmbeddedAws, service: string, code: string): Promise<string | undefined> {
  const found = (await tuples(aws, service, ERROR)).find((tuple) => {
    const query = NormalizedSchema.of(tuple as never).getMergedTraits().awsQueryError as [string, number] | undefined;
    return tuple[2] === code || query?.[0] === code;
  });
  return found?.[2];
}
