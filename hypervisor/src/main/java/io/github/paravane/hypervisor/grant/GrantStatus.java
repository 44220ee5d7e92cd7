package io.github.paravane.hypervisor.grant;

import io.github.paravane.api.profile.AbiProfile;
import io.github.paravane.api.profile.GrantRules;

/** GNTST_* numbers (Xen {@code public/grant_table.h}). */
public final class GrantStatus {

    /** Done. */
    public static final int OKAY = 0;

    /** Refused for no reason of its own. */
    public static final int GENERAL_ERROR = -1;

    /** No such domain. */
    public static final int BAD_DOMAIN = -2;

    /** No such reference, or it does not grant this. */
    public static final int BAD_REFERENCE = -3;

    /** No such handle. */
    public static final int BAD_HANDLE = -4;

    /** An address where nothing can be mapped. */
    public static final int BAD_VIRTUAL_ADDRESS = -5;

    /** Not the frame's address for devices. */
    public static final int BAD_DEVICE_ADDRESS = -6;

    /** No handle left, in old versions. */
    public static final int NO_DEVICE_SPACE = -7;

    /** Not allowed. */
    public static final int PERMISSION_DENIED = -8;

    /** A frame that cannot be granted. */
    public static final int BAD_PAGE = -9;

    /** A frame number that the receiver's entries cannot hold. */
    public static final int ADDRESS_TOO_BIG = -11;

    /** In use; later perhaps. */
    public static final int TRY_AGAIN = -12;

    /** No handle left. */
    public static final int NO_SPACE = -13;

    /** A copy that leaves its page. */
    public static final int BAD_COPY = -10;

    /** What a version says of a frame that is not its granter's. */
    static int badPage(AbiProfile profile) {
        return profile.get(GrantRules.BAD_PAGE) ? BAD_PAGE : GENERAL_ERROR;
    }

    private GrantStatus() {}
}
