import * as z from "zod";

const KEY = /^arn:[\w-]+:kms:[a-z0-9-]+:\d{12}:key\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * A customer managed single-Region key by its ARN. A bare id or an alias would mean another key in a consumer's account,
 * what is encrypted with `alias/aws/ebs` cannot be shared (EC2 user guide, "Share an AMI"), and copies of a multi-Region
 * key (`mrk-...`) would share what one of them gives away.
 */
export const keyArnSchema = z.string().regex(KEY, {
  error:
    'the ARN of a customer managed single-Region key such as "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"; no id, no alias, no alias/aws/ebs',
});
