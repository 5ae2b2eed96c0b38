/** The same tampering in a bucket, as S3 and DynamoDB are emulated. */

import { describe } from '@jest/globals';
import { tamperingContract } from '../evidence/tampering-contract.ts';
import { temporaryFolders } from '../helpers/temporary-folder.ts';
import { bucketStage } from './bucket-stage.ts';
import { emulated, makeBucket } from './emulated.ts';

const { clients } = emulated();
const makeFolder = temporaryFolders();

describe('a bucket', () => {
  tamperingContract(async () => bucketStage(clients(), await makeBucket(clients().s3), makeFolder));
});
