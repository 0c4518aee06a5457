import type * as Sdk from "@aws-sdk/client-ssm";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { authorizeDecryption, authorizeParameter } from "./authorize-parameter.ts";
import { requireVersion } from "./find-parameter.ts";
import { toParameter } from "./to-parameter.ts";

export const operations = {
  GetParameter: {
    authorize: (input, call) => [
      authorizeParameter(call, input.Name),
      ...authorizeDecryption(call, [input.Name ?? ""], input.WithDecryption),
    ],
    run: (input, call) => ({
      Parameter: toParameter(requireVersion(call.aws, call, input.Name), input.WithDecryption),
    }),
  },
  /** Names that aren't there, or have no such version, come back as invalid; they fail nothing. */
  GetParameters: {
    authorize: (input, call) => [
      ...(input.Names ?? []).map((name) => authorizeParameter(call, name)),
      ...authorizeDecryption(call, input.Names ?? [], input.WithDecryption),
    ],
    run(input, call) {
      const names = [...new Set(input.Names)];
      const output = { Parameters: [] as ReturnType<typeof toParameter>[], InvalidParameters: [] as string[] };
      for (const name of names) {
        try {
          output.Parameters.push(toParameter(requireVersion(call.aws, call, name), input.WithDecryption));
        } catch (refusal) {
          if (!(refusal instanceof AwsError)) throw refusal;
          output.InvalidParameters.push(name);
        }
      }
      return output;
    },
  },
} satisfies Operations<typeof Sdk>;
