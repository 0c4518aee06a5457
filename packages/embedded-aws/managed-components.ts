/** The components that AWS owns, as far as its user guide describes them. */
export { managedComponentNames, managedParameters } from "./src/services/imagebuilder/managed-components.ts";
