const SHIPPED = "amint:";

/** Absolute paths. */
export interface Folders {
  /** The folder of the factory's config. */
  readonly project: string;
  /** The folder of the amint package. */
  readonly program: string;
}

/**
 * The path of a component document: `amint:update-ubuntu` is `images/components/update-ubuntu.yaml` in the amint package, any
 * other name is a path in the project.
 */
export const documentPath = (document: string, { project, program }: Folders): string =>
  document.startsWith(SHIPPED)
    ? `${program}/images/components/${document.slice(SHIPPED.length)}.yaml`
    : `${project}/${document}`;

/** `update-ubuntu`, for `amint:update-ubuntu` and `images/components/update-ubuntu.yaml`. Part of the Image Builder component's name. */
export const documentName = (document: string): string =>
  document.startsWith(SHIPPED)
    ? document.slice(SHIPPED.length)
    : document.slice(document.lastIndexOf("/") + 1).replace(/\.ya?ml$/, "");
