import * as pulumi from "@pulumi/pulumi";
import type { Place } from "../../core/names.ts";
import { answerInvoke } from "./answer-invoke.ts";
import { createdByType } from "./created-by-type.ts";
import type { RecordedResource } from "./recorded-resource.ts";
import { unwrapSecrets } from "./unwrap-secrets.ts";

/** Answers for Pulumi's engine. @returns the list that fills with every resource of a provider as it is registered */
export function recordResources(place: Place): readonly RecordedResource[] {
  const recorded: RecordedResource[] = [];
  pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs: raw, custom }) {
        if (!custom) return { id: undefined, state: {} };
        const inputs = unwrapSecrets(raw) as Record<string, unknown>;
        recorded.push({ type, name, inputs });
        const region = typeof inputs.region === "string" ? inputs.region : place.region;
        const { id, ...outputs } = createdByType(type, { name, inputs, place: { ...place, region } });
        return { id, state: { ...inputs, ...outputs } };
      },
      call: ({ token, inputs }) => answerInvoke(token, inputs, place),
    },
    "amint",
    "production",
    false,
  );
  return recorded;
}
