import { GetImageCommand, type ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import * as z from "zod";
import type { BuildFailure } from "../../events/build.ts";
import type { BuildArn } from "../../events/ids.ts";

/** The useful part of `image.state.failureContext` (API reference, FailureContext). */
const answer = z.object({
  image: z.object({
    state: z.object({
      failureContext: z.object({
        componentFailure: z.object({
          componentArn: z.string().optional(),
          phaseName: z.string().optional(),
          stepName: z.string().optional(),
          errorMessage: z.string().optional(),
        }),
      }),
    }),
  }),
});

/**
 * The component that failed a build, if Image Builder reports it. The SDK's types lack the member and its deserializer
 * drops it, so it is read from the raw response, without relying on its presence.
 */
export async function readFailureContext(
  client: ImagebuilderClient,
  arn: BuildArn,
): Promise<Partial<BuildFailure> | undefined> {
  const command = new GetImageCommand({ imageBuildVersionArn: arn });
  let text = "";
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as { body: unknown };
      const bytes = await collect(response.body);
      text = new TextDecoder().decode(bytes);
      response.body = bytes;
      return result;
    },
    { step: "deserialize", priority: "low", name: "readFailureContext" },
  );
  await client.send(command);
  const parsed = answer.safeParse(JSON.parse(text || "{}")).data?.image.state.failureContext.componentFailure;
  const component = /:component\/([^/]+)/.exec(parsed?.componentArn ?? "")?.[1];
  if (!parsed || !component) return undefined;
  const { phaseName: phase, stepName: step, errorMessage } = parsed;
  return { component, ...(phase && { phase }), ...(step && { step }), ...(errorMessage && { reason: errorMessage }) };
}

async function collect(body: unknown): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
