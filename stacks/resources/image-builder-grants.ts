import { buildArnPrefix } from "../../core/names.ts";
import { factory } from "../program/given.ts";
import { arnOf, place } from "./deployment.ts";
import type { Grant } from "./grant.ts";

/** The factory's own builds, of every image. */
const ownBuilds = Object.keys(factory.images).map((image) => `${buildArnPrefix(place, factory.name, image)}*`);

export const readOwnBuilds: Grant = { actions: ["imagebuilder:GetImage"], resources: ownBuilds };

/** Copies are named after their source AMI, which is not known beforehand. */
export const readEveryImage: Grant = {
  actions: ["imagebuilder:GetImage"],
  resources: [arnOf("imagebuilder", "image/*")],
};

/** What happened to a build, step by step. Executions have ids that say nothing of their image. */
export const readWorkflows: Grant[] = [
  { actions: ["imagebuilder:ListWorkflowExecutions"], resources: ownBuilds },
  {
    actions: ["imagebuilder:ListWorkflowStepExecutions"],
    resources: [arnOf("imagebuilder", "workflow-execution/*")],
  },
];

export const readFindings: Grant = {
  actions: ["imagebuilder:ListImageScanFindings"],
  resources: ownBuilds,
};
