import { buildArnPrefix } from "../../core/names.ts";
import { factory } from "../program/factory.ts";
import { arnOf, place } from "./deployment.ts";
import type { Grant } from "./grant.ts";

/** The factory's own builds, of every image. */
const ownBuilds = Object.keys(factory.images).map((image) => `${buildArnPrefix(place, factory.name, image)}*`);

export const readOwnBuilds: Grant = { actions: ["imagebuilder:GetImage"], resources: ownBuilds };

/** All images: copies are named after their source AMI, which is not known at deployment. */
export const readEveryImage: Grant = {
  actions: ["imagebuilder:GetImage"],
  resources: [arnOf("imagebuilder", "image/*")],
};

/** Reads a build's workflow steps. Execution ids do not contain the image. */
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
