import type * as Sdk from "@aws-sdk/client-sfn";
import type { Operations } from "../../engine/operation.ts";
import { parseDefinition } from "./validation/parse-definition.ts";
import { validateDefinition } from "./validation/validate-definition.ts";

export const operations = {
  /** Says what AWS would: also of definitions that AWS accepts and the embedded AWS cannot run. */
  ValidateStateMachineDefinition: {
    run({ definition: text, type, maxResults }, _call) {
      const { definition, diagnostics } = parseDefinition(text ?? "");
      const found = definition ? [...diagnostics, ...validateDefinition(definition, type ?? "STANDARD")] : diagnostics;
      const most = maxResults || 100;
      return {
        result: found.length === 0 ? "OK" : "FAIL",
        diagnostics: found.slice(0, most),
        truncated: found.length > most,
      };
    },
  },
} satisfies Operations<typeof Sdk>;
