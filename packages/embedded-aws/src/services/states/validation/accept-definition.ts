import { AwsError } from "../../../engine/operation.ts";
import type { Definition } from "../asl/definition.ts";
import { isIntrinsic, parseIntrinsic } from "../asl/intrinsic-call.ts";
import { isObject, type Json, type JsonObject } from "../asl/json.ts";
import { parsePath, UnbuiltPath } from "../asl/jsonpath.ts";
import { findIntegration } from "../integrations/find-integration.ts";
import { pathFields } from "./path-fields.ts";
import { parseDefinition, validateDefinition } from "./validate-definition.ts";

/**
 * Parses a definition that the interpreter can run. Throws InvalidDefinition with AWS's message, and NotImplemented for
 * what AWS supports but is not built here.
 */
export function acceptDefinition(text: string | undefined, type: "STANDARD" | "EXPRESS" = "STANDARD"): Definition {
  const { definition, diagnostics } = parseDefinition(text ?? "");
  const all = definition ? [...diagnostics, ...validateDefinition(definition, type)] : diagnostics;
  if (!definition || all.length > 0) {
    const list = all.map(({ code, message, location }) => `${code}: ${message.trimEnd()} at ${location ?? "null"}`);
    throw new AwsError("InvalidDefinition", `Invalid State Machine Definition: '${list.join(", ")}'`);
  }
  const unbuilt = findUnbuilt(definition);
  if (unbuilt !== undefined) {
    throw new AwsError("NotImplemented", `states: ${unbuilt}`);
  }
  return definition as unknown as Definition;
}

/** The first part of a valid definition that the embedded AWS cannot run, described; undefined if it can run all. */
function findUnbuilt(definition: JsonObject): string | undefined {
  return inBranch(definition, definition.QueryLanguage ?? "JSONPath");
}

function inBranch(branch: Json | undefined, language: Json): string | undefined {
  if (!isObject(branch) || !isObject(branch.States)) return undefined;
  for (const [name, state] of Object.entries(branch.States)) {
    const unbuilt = isObject(state) ? inState(name, state, language) : undefined;
    if (unbuilt !== undefined) return unbuilt;
  }
  return undefined;
}

/** They read and write S3, or batch items. */
const distributed = ["ItemReader", "ItemBatcher", "ResultWriter"];

function inState(name: string, state: JsonObject, language: Json): string | undefined {
  if ((state.QueryLanguage ?? language) !== "JSONata") {
    const unbuilt = inPaths(state);
    if (unbuilt !== undefined) return `${unbuilt} is not built in the embedded AWS (state '${name}')`;
  }
  if (state.Type === "Task" && !findIntegration(String(state.Resource))) {
    return `the resource '${String(state.Resource)}' is not built in the embedded AWS (state '${name}')`;
  }
  if (state.Type === "Parallel" && Array.isArray(state.Branches)) {
    return (state.Branches as Json[]).map((branch) => inBranch(branch, language)).find((one) => one !== undefined);
  }
  const processor = state.ItemProcessor ?? state.Iterator;
  if (state.Type !== "Map" || !isObject(processor)) return undefined;
  const field = distributed.find((one) => one in state);
  if (field !== undefined) {
    return `the field '${field}' of a distributed Map is not built in the embedded AWS (state '${name}')`;
  }
  return inBranch(processor, language);
}

/** The first path that cannot be evaluated here, described. */
function inPaths(state: JsonObject): string | undefined {
  for (const { field, value, calls } of pathFields(state, "")) {
    if (typeof value !== "string") continue;
    try {
      if (calls && isIntrinsic(value)) parseIntrinsic(value);
      else parsePath(value);
    } catch (problem) {
      if (problem instanceof UnbuiltPath) return `${problem.message}, in the field '${field}',`;
      throw problem;
    }
  }
  return undefined;
}
