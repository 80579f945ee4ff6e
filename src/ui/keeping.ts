/** How a sentence begins where a browser keeps nothing: private windows, blocked storage, a page over plain http. */
export const KEEPS_NOTHING = 'This browser keeps nothing for this page:';
