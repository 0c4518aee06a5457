/** An argument of the blueprint that the AWS provider 5.100 does not support, or whose value it does not support. */
export interface ProviderException {
  readonly type: string;
  readonly argument: string;
  /** The unsupported value; undefined if every value is refused. */
  readonly value?: string;
  /** The value that replaces it; undefined if the argument is removed. */
  readonly instead?: string;
  /** The error of `terraform validate`, or of AWS. */
  readonly error: string;
}

const unknownArgument = (type: string, argument: string): ProviderException => ({
  type,
  argument,
  error: `Extraneous JSON object property: No argument or block type is named "${argument}".`,
});

/** `terraform validate` gives each of these errors without the exception, and none with all of them. */
export const providerExceptions: readonly ProviderException[] = [
  unknownArgument("aws_ecr_repository", "image_tag_mutability_exclusion_filters"),
  {
    type: "aws_ecr_repository",
    argument: "image_tag_mutability",
    value: "IMMUTABLE_WITH_EXCLUSION",
    instead: "IMMUTABLE",
    error: 'expected image_tag_mutability to be one of ["MUTABLE" "IMMUTABLE"], got IMMUTABLE_WITH_EXCLUSION',
  },
  unknownArgument("aws_imagebuilder_image_pipeline", "logging_configuration"),
  unknownArgument("aws_imagebuilder_image_recipe", "ami_tags"),
  {
    type: "aws_lambda_function",
    argument: "runtime",
    value: "nodejs24.x",
    instead: "nodejs22.x",
    error:
      'expected runtime to be one of ["nodejs" "nodejs4.3" "nodejs6.10" "nodejs8.10" "nodejs10.x" "nodejs12.x" "nodejs14.x" "nodejs16.x" "java8" "java8.al2" "java11" "python2.7" "python3.6" "python3.7" "python3.8" "python3.9" "dotnetcore1.0" "dotnetcore2.0" "dotnetcore2.1" "dotnetcore3.1" "dotnet6" "dotnet8" "nodejs4.3-edge" "go1.x" "ruby2.5" "ruby2.7" "provided" "provided.al2" "nodejs18.x" "python3.10" "java17" "ruby3.2" "ruby3.3" "ruby3.4" "python3.11" "nodejs20.x" "provided.al2023" "python3.12" "java21" "python3.13" "nodejs22.x"], got nodejs24.x',
  },
  unknownArgument("aws_lambda_permission", "invoked_via_function_url"),
];

/** With this argument, AWS refuses the suite's last step with this error. */
export const removalExceptions: readonly ProviderException[] = [
  {
    type: "aws_dynamodb_table",
    argument: "deletion_protection_enabled",
    error:
      "ValidationException: Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
  },
];
