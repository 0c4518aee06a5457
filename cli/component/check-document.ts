import { findFaults, type ToeDocument } from "component-runner/documents";
import { type ImageOs, imageSystemOf } from "../../core/component/image-system.ts";
import type { Finding } from "../factory/finding.ts";

/**
 * The faults and warnings of a component document.
 * @param name as written in the config or on the command line
 * @param systems of the images that use it; if empty, the document's steps determine the platform
 */
export function checkDocument(name: string, text: string, systems: readonly ImageOs[]): Finding[] {
  const [system] = systems;
  const platform = system && imageSystemOf(system).platform;
  const { document, findings } = findFaults(name, text, platform && { platform, reason: `${system} is ${platform}` });
  const found = [...findings, ...(document ? checkSystems(name, document, systems) : [])];
  return found.sort((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0));
}

/** A step can have a condition, so one document can serve several systems. */
function checkSystems(name: string, { phases }: ToeDocument, systems: readonly ImageOs[]): Finding[] {
  const system = systems.find((one) => imageSystemOf(one).withoutUpdateOs);
  if (!system) return [];
  const { withoutUpdateOs, update } = imageSystemOf(system);
  const steps = phases.flatMap((phase) => phase.steps).filter(({ action }) => action === "UpdateOS");
  return steps.map(({ name: step, line }) => ({
    where: `${name}:${line}:1`,
    what: `Step '${step}': ${withoutUpdateOs}.`,
    fix: `use the component "${update}"`,
    place: { document: name, line, column: 1 },
    warning: true,
  }));
}
