const SHIPPED = "amint:";

/** Two absolute folders. */
export interface Folders {
  /** Of the factory's config. */
  readonly project: string;
  /** Of what comes with Amint. */
  readonly program: string;
}

/**
 * Where a component document lies: `amint:update-ubuntu` is `images/components/update-ubuntu.yaml` of what comes with Amint, and
 * any other name is a path in the project.
 */
export const documentPath = (document: string, { project, program }: Folders): string =>
  document.startsWith(SHIPPED)
    ? `${program}/images/components/${document.slice(SHIPPED.length)}.yaml`
    : `${project}/${document}`;

/** `update-ubuntu`, of `amint:update-ubuntu` and of `images/components/update-ubuntu.yaml`: what Image Builder's component is named for. */
export const documentName = (document: string): string =>
  document.startsWith(SHIPPED)
    ? document.slice(SHIPPED.length)
    : document.slice(document.lastIndexOf("/") + 1).replace(/\.ya?ml$/, "");
