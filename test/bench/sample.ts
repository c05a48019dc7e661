// Writes sample slips as text into a folder, for commands to be timed on.
import { writeSampleSlips } from "../cli/sample-slips.ts";

writeSampleSlips(process.argv[2]!);
