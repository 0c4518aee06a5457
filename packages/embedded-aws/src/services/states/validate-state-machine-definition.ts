import type {
  ValidateStateMachineDefinitionCommandInput,
  ValidateStateMachineDefinitionCommandOutput,
} from "@aws-sdk/client-sfn";
import { operation } from "../../engine/operation.ts";
import type { Answer } from "./answer.ts";
import { parseDefinition } from "./validation/parse-definition.ts";
import { validateDefinition } from "./validation/validate-definition.ts";

/** Says what AWS would: also of definitions that AWS accepts and the embedded AWS cannot run. */
export const validateStateMachineDefinition = operation<
  ValidateStateMachineDefinitionCommandInput,
  Answer<ValidateStateMachineDefinitionCommandOutput>
>({
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
});
