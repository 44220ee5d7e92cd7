package io.github.paravane.api.guest;

/**
 * The start_info page's fields (Xen {@code public/xen.h}; PV64 offsets).
 *
 * @param nrPages frames allocated to the domain
 * @param sharedInfo machine address of the shared_info frame
 * @param flags SIF_* bits
 * @param storeMfn frame of the xenstore ring
 * @param storeEvtchn port of the xenstore ring
 * @param consoleMfn frame of the console ring
 * @param consoleEvtchn port of the console ring
 * @param ptBase linear address of the root page table
 * @param nrPtFrames number of page-table frames
 * @param mfnList linear address of the P2M
 * @param modStart linear address of the ramdisk, or its pfn with SIF_MOD_START_PFN; 0 without one
 * @param modLen its length in bytes
 * @param commandLine the command line
 */
public record StartInfo(
        long nrPages,
        long sharedInfo,
        int flags,
        long storeMfn,
        int storeEvtchn,
        long consoleMfn,
        int consoleEvtchn,
        long ptBase,
        long nrPtFrames,
        long mfnList,
        long modStart,
        long modLen,
        String commandLine) {}
