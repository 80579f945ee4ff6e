/** The names of classes, for the formats whose files have only numbers, in the order of the numbers. */

/** Source: batches.meta.txt of cifar-10-binary.tar.gz. */
export const CIFAR_10_CLASSES = 'airplane automobile bird cat deer dog frog horse ship truck'.split(' ');

/** Source: fine_label_names.txt of cifar-100-binary.tar.gz. */
export const CIFAR_100_CLASSES = (
  'apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle ' +
  'caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant flatfish ' +
  'forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle ' +
  'mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine ' +
  'possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel streetcar ' +
  'sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle wardrobe whale ' +
  'willow_tree wolf woman worm'
).split(' ');

/** Source: class_names.txt of stl10_binary.tar.gz. */
export const STL_10_CLASSES = 'airplane bird car cat deer dog horse monkey ship truck'.split(' ');

const MAX_NAME = 60;

/**
 * The names in a text file of one name a line, as batches.meta.txt has them.
 * @param text the whole file
 * @returns undefined if it is anything else: prose, code, a table
 */
export function namesInText(text: Uint8Array): string[] | undefined {
  let lines: string[];
  try {
    lines = new TextDecoder('utf-8', { fatal: true }).decode(text).split(/\r?\n/);
  } catch {
    return undefined;
  }
  const names = lines.map((line) => line.trim()).filter((line) => line !== '');
  const fit = names.every((name) => name.length <= MAX_NAME && /^\p{L}[\p{L}\p{N}_ '()-]*$/u.test(name));
  return fit && names.length > 1 && new Set(names).size === names.length ? names : undefined;
}
