import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { Component, ComponentSummary, ComponentVersion } from "@aws-sdk/client-imagebuilder";
import type { Operations } from "../../engine/operation.ts";
import { parseArn } from "./arn.ts";
import { on } from "./authorization.ts";
import { requireArn } from "./check-input.ts";
import { findComponent } from "./find-component.ts";
import { managedComponents } from "./managed-components.ts";
import { filtered, pageOf } from "./page.ts";
import { dependedOn, notFound } from "./refusals.ts";
import { builderState } from "./state.ts";
import { latestVersionReferences } from "./version-references.ts";

export const operations = {
  GetComponent: {
    authorize: ({ componentBuildVersionArn }, call) => on(call, componentBuildVersionArn),
    run({ componentBuildVersionArn: arn = "" }, call) {
      requireArn(arn, "component", "build-or-pattern", "componentBuildVersionArn");
      const found = findComponent(call.aws, call, arn)?.component;
      if (!found) throw notFound(arn);
      return {
        requestId: call.requestId,
        component: found,
        latestVersionReferences: latestVersionReferences(found.arn ?? "", found.version ?? ""),
      };
    },
  },
  ListComponents: {
    run(input, call) {
      const own = [...call.aws.state(builderState, call.account, call.region).components.values()];
      const owned = input.owner === "Amazon" ? managedComponents(call) : (input.owner ?? "Self") === "Self" ? own : [];
      const versions = new Map<string, ComponentVersion>();
      for (const { component } of owned) {
        const version = toVersion(component);
        const key = input.byName ? (component.name ?? "") : (version.arn ?? "");
        versions.set(key, version);
      }
      const matching = filtered([...versions.values()], input.filters, {
        description: (one) => one.description,
        name: (one) => one.name,
        platform: (one) => one.platform,
        supportedOsVersion: (one) => one.supportedOsVersions,
        type: (one) => one.type,
        version: (one) => one.version,
      });
      const { items, nextToken } = pageOf(matching, input);
      return { requestId: call.requestId, componentVersionList: items, nextToken };
    },
  },
  ListComponentBuildVersions: {
    authorize: ({ componentVersionArn: arn }, call) => on(call, arn && `${arn}/*`),
    run(input, call) {
      const { componentVersionArn: arn } = input;
      if (arn !== undefined) requireArn(arn, "component", "version", "componentVersionArn");
      const { components } = call.aws.state(builderState, call.account, call.region);
      const builds = [...components.values()]
        .map(({ component }) => component)
        .filter((component) => arn === undefined || component.arn?.startsWith(`${arn}/`));
      const { items, nextToken } = pageOf(builds, input);
      return { requestId: call.requestId, componentSummaryList: items.map(toSummary), nextToken };
    },
  },
  DeleteComponent: {
    authorize: ({ componentBuildVersionArn }, call) => on(call, componentBuildVersionArn),
    run({ componentBuildVersionArn: arn = "" }, call) {
      requireArn(arn, "component", "build", "componentBuildVersionArn");
      const { components, recipes } = call.aws.state(builderState, call.account, call.region);
      if (!components.has(arn)) throw notFound(arn);
      const used = [...recipes.values()].flatMap((recipe) => recipe.components ?? []);
      if (used.some((one) => findComponent(call.aws, call, one.componentArn ?? "")?.component.arn === arn)) {
        throw dependedOn(arn);
      }
      components.delete(arn);
      return { requestId: call.requestId, componentBuildVersionArn: arn };
    },
  },
} satisfies Operations<typeof Sdk>;

const toVersion = (component: Component): ComponentVersion => ({
  arn: component.arn?.slice(0, component.arn.lastIndexOf("/")),
  name: component.name,
  version: component.version,
  description: component.description,
  platform: component.platform,
  supportedOsVersions: component.supportedOsVersions,
  type: component.type,
  owner: component.owner,
  dateCreated: component.dateCreated,
  status: component.state?.status,
});

function toSummary({
  parameters: _,
  data: __,
  kmsKeyId: ___,
  encrypted: ____,
  ...summary
}: Component): ComponentSummary {
  return { ...summary, version: parseArn(summary.arn ?? "")?.version };
}
